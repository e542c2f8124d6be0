/** Keeps the screen on while somebody waits or talks; a phone that sleeps hears nothing. The answer lets it sleep. */
export function keepAwake(): () => void {
  const { wakeLock } = navigator as { readonly wakeLock?: WakeLock };
  if (wakeLock === undefined) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let over = false;
  const take = () => {
    if (document.hidden || over) return;
    wakeLock.request("screen").then(
      (lock) => {
        if (over) void lock.release();
        else held = lock;
      },
      // A low battery refuses: then the words on the page remain.
      () => undefined,
    );
  };
  take();
  document.addEventListener("visibilitychange", take);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", take);
    void held?.release();
  };
}
