/** The green channel's sound: two rising tones, louder by a step each minute. A browser lets it sound after a click only. */

let context: AudioContext | null = null;

const TONES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.22 },
] as const;
const LENGTH_S = 0.2;
const SOFTEST = 0.15;
const STEP = 0.1;
const LOUDEST = 0.8;

/** How loud after so many minutes without an answer. */
export function loudness(minutes: number): number {
  return Math.min(LOUDEST, SOFTEST + STEP * Math.max(0, Math.floor(minutes)));
}

export function canSound(): boolean {
  return context?.state === "running";
}

/** Called in a click; false where the browser has no sound or keeps it back. */
export async function allowSound(): Promise<boolean> {
  if (typeof AudioContext === "undefined") return false;
  context ??= new AudioContext();
  await context.resume();
  return canSound();
}

export function ring(volume: number): void {
  if (context?.state !== "running") return;
  for (const { hertz, at } of TONES) {
    const tone = context.createOscillator();
    const level = context.createGain();
    const start = context.currentTime + at;
    tone.frequency.value = hertz;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(volume, start + 0.02);
    level.gain.setValueAtTime(volume, start + LENGTH_S - 0.04);
    level.gain.linearRampToValueAtTime(0, start + LENGTH_S);
    tone.connect(level).connect(context.destination);
    tone.start(start);
    tone.stop(start + LENGTH_S);
  }
}
