/** The door of the ECG's pictures. */
export { CompareCard } from "./CompareCard.tsx";
export { EcgPanel } from "./EcgPanel.tsx";
export { MeasureCard } from "./MeasureCard.tsx";
export { useEcg, type EcgState } from "./useEcg.ts";
