/**
 * Stands in for Ant Design's scroll lock. Ours is not needed, for pages scroll inside `main` and never the body; theirs
 * writes a style element without the nonce, which the hub's content security policy refuses at every dialog.
 */
export default function useScrollLocker() {
  return undefined;
}
