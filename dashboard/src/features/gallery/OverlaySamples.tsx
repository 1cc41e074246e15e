import { Check, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Menu } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { Group, Sample } from "./Sample";

export function OverlaySamples() {
  const [open, setOpen] = useState<"dialog" | "confirm" | "typed" | null>(null);
  const close = () => setOpen(null);
  return (
    <Group title="Overlays">
      <Sample name="Dialog, ConfirmDialog">
        <Button onClick={() => setOpen("dialog")}>Dialog</Button>
        <Button onClick={() => setOpen("confirm")}>Confirm</Button>
        <Button variant="danger" onClick={() => setOpen("typed")}>
          Confirm by typing
        </Button>
      </Sample>
      <Sample name="Popover, Menu">
        <Popover label="Sample panel" trigger={(trigger) => <Button {...trigger}>Popover</Button>}>
          {(done) => (
            <div className="flex flex-col gap-3 p-3">
              <Field label="A field">
                <Input />
              </Field>
              <Button onClick={done}>Done</Button>
            </div>
          )}
        </Popover>
        <Menu
          label="Sample menu"
          trigger={(trigger) => <Button {...trigger}>Menu</Button>}
          groups={[
            {
              key: "actions",
              title: "Actions",
              items: [
                { key: "edit", label: "Edit", icon: <Pencil size={15} />, run: close },
                {
                  key: "delete",
                  label: "Delete",
                  icon: <Trash2 size={15} />,
                  tone: "bad",
                  run: close,
                },
              ],
            },
            {
              key: "choice",
              title: "One of them",
              items: [
                { key: "on", label: "On", icon: <Check size={15} />, checked: true, run: close },
                { key: "off", label: "Off", checked: false, run: close },
              ],
            },
          ]}
        />
      </Sample>
      <Dialog
        open={open === "dialog"}
        onClose={close}
        title="A dialog"
        description="Above the page, with the focus inside."
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" onClick={close}>
              Save
            </Button>
          </>
        }
      >
        <Field label="Name">
          <Input data-autofocus />
        </Field>
      </Dialog>
      <ConfirmDialog
        open={open === "confirm"}
        onClose={close}
        onConfirm={close}
        title="Revoke the key?"
        description="Programs that use it are refused."
        confirm="Revoke the key"
      />
      <ConfirmDialog
        open={open === "typed"}
        onClose={close}
        onConfirm={close}
        title="Delete the site?"
        description="This cannot be undone."
        confirm="Delete the site"
        typed="My shop"
      />
    </Group>
  );
}
