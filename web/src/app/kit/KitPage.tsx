/** `/dev/kit`: each piece of `ui/` in its states, for eyes and screenshots. Development only. */
import { SoonPage } from "../../ui/SoonPage.tsx";
export function KitPage() {
  return <SoonPage />;
}
