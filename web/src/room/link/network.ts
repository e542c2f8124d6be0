/** Calls back when the device changes its network; the answer ends it. */
export function watchNetwork(onChange: () => void): () => void {
  const { connection } = navigator as { readonly connection?: EventTarget };
  window.addEventListener("online", onChange);
  connection?.addEventListener("change", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    connection?.removeEventListener("change", onChange);
  };
}
