/** A few fields over the page: a dialog on the desk, a sheet from the bottom on the phone. It traps and returns focus. */
import { Modal } from "antd";
import { useRef, type ReactNode } from "react";
import { useScreen } from "./useScreen.ts";
import "./sheet.css";

interface Props {
  readonly title: ReactNode;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  readonly children: ReactNode;
}

export function Sheet({ title, open, onClose, width = 520, children }: Props) {
  const phone = useScreen() === "phone";
  const body = useRef<HTMLDivElement>(null);
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onClose}
      footer={null}
      width={phone ? "100%" : width}
      className={phone ? "sheet" : "sheet-desk"}
      destroyOnHidden
      // The hand begins at the first field, not at the cross.
      afterOpenChange={(shown) => {
        if (shown) body.current?.querySelector<HTMLElement>("textarea, input, [type=submit]")?.focus();
      }}
    >
      <div ref={body}>{children}</div>
    </Modal>
  );
}
