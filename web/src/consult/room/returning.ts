/** Which room this tab was inside when it was reloaded. Nothing about a patient: the consult's id alone. */
const INSIDE = "lutong.inside";

export function wasInside(consult: string): boolean {
  return sessionStorage.getItem(INSIDE) === consult;
}

export function remember(consult: string): void {
  sessionStorage.setItem(INSIDE, consult);
}

export function forget(): void {
  sessionStorage.removeItem(INSIDE);
}
