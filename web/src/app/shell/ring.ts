/** The ring of an emergency: two tones in turn, twice, unlike the tune at a room's door. */
const TONES = [880, 660, 880, 660];
const TONE_S = 0.25;
const LOUD = 0.4;

/** Ring once; a browser that no hand has touched yet stays silent. */
export function ring(): void {
  if (typeof AudioContext === "undefined") return;
  const context = new AudioContext();
  const volume = context.createGain();
  volume.gain.value = LOUD;
  volume.connect(context.destination);
  TONES.forEach((frequency, at) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start(context.currentTime + at * TONE_S);
    tone.stop(context.currentTime + (at + 1) * TONE_S);
  });
  setTimeout(() => void context.close(), 1000 * TONES.length * TONE_S + 200);
}
