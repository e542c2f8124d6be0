/** The ward's commands on a bed, as the hub offers them; those with questions open them in place. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { beds as board, type BedCommand } from "../../api/resources/beds.ts";
import type { Bed } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { fieldsOf, WORK } from "./model/work.ts";
import { WorkForm } from "./WorkForm.tsx";

interface Props {
  readonly bed: Bed;
  /** Free beds of the same house. */
  readonly free: readonly Bed[];
  /** Questions are open: everything else steps back. */
  readonly onBusy: (busy: boolean) => void;
  readonly onDone: () => void;
}

/** Sends one command and says that it is done. */
function useWork(name: BedCommand, bed: Bed, onDone: () => void) {
  const { t } = useTranslation();
  const toast = useToast();
  const act = useMutation(board.command(name));
  return {
    failure: act.error,
    pending: act.isPending,
    run: (body: object) => {
      act.mutate(
        { id: bed.id, version: bed.version, key: newKey(), ...body },
        {
          onSuccess: () => {
            toast(t(`beds.done.${name}`, { label: bed.label }));
            onDone();
          },
        },
      );
    },
  };
}

function Work({ name, bed, onAsk, onDone }: { name: BedCommand; bed: Bed; onAsk: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const { failure, pending, run } = useWork(name, bed, onDone);
  const command = commandOf(bed, name);
  if (command?.allowed !== true) return null;
  // A patient who is sent away by a slip of the thumb has lost the bed: it is asked for twice.
  const asks = fieldsOf(name).length > 0 || name === "vacate";
  return (
    <>
      <CommandButton
        command={command}
        pending={pending}
        onRun={() => {
          if (asks) onAsk();
          else run({});
        }}
      >
        {t(`beds.command.${name}`)}
      </CommandButton>
      <ProblemNote failure={failure} />
    </>
  );
}

function Asked({ name, bed, free, onBack, onDone }: Omit<Props, "onBusy"> & { name: BedCommand; onBack: () => void }) {
  const { failure, pending, run } = useWork(name, bed, onDone);
  return <WorkForm name={name} bed={bed} free={free} pending={pending} failure={failure} onRun={run} onBack={onBack} />;
}

export function BedWork({ bed, free, onBusy, onDone }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<BedCommand | null>(null);
  const ask = (name: BedCommand | null) => {
    setAsked(name);
    onBusy(name !== null);
  };
  if (!bed.commands.some(({ allowed }) => allowed)) return null;
  return (
    <section className="col bb-work" aria-labelledby="bb-work">
      <h3 id="bb-work">{asked === null ? t("beds.sheet.work") : t(`beds.command.${asked}`)}</h3>
      {asked === null ? (
        <div className="row wrap">
          {WORK.map(([name]) => (
            <Work
              key={name}
              name={name}
              bed={bed}
              onDone={onDone}
              onAsk={() => {
                ask(name);
              }}
            />
          ))}
        </div>
      ) : (
        <Asked
          name={asked}
          bed={bed}
          free={free}
          onDone={onDone}
          onBack={() => {
            ask(null);
          }}
        />
      )}
    </section>
  );
}
