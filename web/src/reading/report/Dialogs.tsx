/** The dialogs of a report's commands; one is open at a time. */
import type { Order } from "../../api/types.ts";
import { ReasonDialog } from "./ReasonDialog.tsx";
import { SignDialog } from "./SignDialog.tsx";
import type { Signing } from "./useSigning.ts";

export function Dialogs({ signing, order }: { signing: Signing; order: Order }) {
  const { asking, failure, pending, close } = signing;
  const shared = { failure, pending, onClose: close };
  return (
    <>
      <SignDialog
        {...shared}
        open={asking === "sign" || asking === "verify"}
        act={asking === "verify" ? "verify" : "sign"}
        order={order}
        onSign={asking === "verify" ? signing.verify : signing.sign}
      />
      <ReasonDialog
        {...shared}
        open={asking === "sendBack" || asking === "amend"}
        act={asking === "amend" ? "amend" : "sendBack"}
        onSend={asking === "amend" ? signing.amend : signing.sendBack}
      />
    </>
  );
}
