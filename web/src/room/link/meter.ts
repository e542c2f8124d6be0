/** How loud a microphone is, for a bar that moves; and a sound to hear whether the speaker works. */

interface Audio {
  readonly AudioContext?: typeof AudioContext;
  readonly webkitAudioContext?: typeof AudioContext;
}

function makeContext(): AudioContext | null {
  const { AudioContext: standard, webkitAudioContext: older } = globalThis as Audio;
  const Context = standard ?? older;
  return Context === undefined ? null : new Context();
}

/** Calls back some ten times a second with 0 … 1; the answer ends it. */
export function meter(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = makeContext();
  if (context === null) return () => undefined;
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(wave);
    const power = wave.reduce((sum, sample) => sum + ((sample - 128) / 128) ** 2, 0) / wave.length;
    // Speech lies some 30 dB below full scale: the bar is logarithmic.
    onLevel(Math.max(0, Math.min(1, 1 + Math.log10(Math.sqrt(power) + 1e-6) / 2)));
  }, 100);
  return () => {
    clearInterval(timer);
    // Ended twice is ended.
    context.close().catch(() => undefined);
  };
}

const TUNE = [523, 659, 784];
const NOTE_S = 0.28;

/** Three rising tones; false where the browser has no sound of its own. */
export function playTune(): boolean {
  const context = makeContext();
  if (context === null) return false;
  TUNE.forEach((frequency, at) => {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const start = context.currentTime + at * NOTE_S;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.001, start);
    volume.gain.exponentialRampToValueAtTime(0.3, start + 0.04);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + NOTE_S);
  });
  setTimeout(() => void context.close(), TUNE.length * NOTE_S * 1000 + 200);
  return true;
}
