/** Whether single letters are keys: they can be switched off (WCAG 2.1.4), per browser. */
const REMEMBERED = "lutong.single-keys";

export function singleKeysOn(): boolean {
  return localStorage.getItem(REMEMBERED) !== "off";
}

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(REMEMBERED, on ? "on" : "off");
}
