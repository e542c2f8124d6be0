/** Holds a bank card against the screen: when the drawn card is as wide, the paper is true to size. */
import { Button, Modal, Slider } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CARD_WIDTH, calibrationFrom, pixelsPerMm } from "../core/index.ts";
import type { Calibration } from "./useCalibration.ts";

const NEUTRAL_PX = CARD_WIDTH * pixelsPerMm(1);

function Ruler({ calibration, onDone }: { calibration: Calibration; onDone: () => void }) {
  const { t } = useTranslation();
  const [width, setWidth] = useState(NEUTRAL_PX * calibration.value);
  return (
    <div className="col g12">
      <p>{t("ecg.calibrate.how")}</p>
      <div className="ecg-card-room">
        <div className="ecg-card" style={{ width }} aria-hidden="true">
          {`${String(CARD_WIDTH)} mm`}
        </div>
      </div>
      <Slider
        min={NEUTRAL_PX * 0.6}
        max={NEUTRAL_PX * 1.8}
        step={1}
        value={width}
        onChange={setWidth}
        tooltip={{ open: false }}
        ariaLabelForHandle={t("ecg.calibrate.width")}
      />
      <div className="row">
        <Button
          type="primary"
          onClick={() => {
            calibration.keep(calibrationFrom(width));
            onDone();
          }}
        >
          {t("ecg.calibrate.keep")}
        </Button>
        <Button onClick={onDone}>{t("ecg.calibrate.later")}</Button>
      </div>
    </div>
  );
}

export function CalibrateDialog({
  open,
  calibration,
  onClose,
}: {
  open: boolean;
  calibration: Calibration;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal title={t("ecg.calibrate.title")} open={open} onCancel={onClose} footer={null} destroyOnHidden width={640}>
      <Ruler calibration={calibration} onDone={onClose} />
    </Modal>
  );
}
