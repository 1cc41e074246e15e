import { Plus, Settings, Trash2 } from "lucide-react";
import { Badge } from "../../ui/Badge";
import { Button, ButtonAnchor, ButtonLink } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { OuterLink, TextLink } from "../../ui/TextLink";
import { toast } from "../../ui/Toast";
import { Tooltip } from "../../ui/Tooltip";
import { Group, Sample } from "./Sample";

const VARIANTS = ["primary", "secondary", "ghost", "danger"] as const;

export function ActionSamples() {
  return (
    <Group title="Actions">
      {VARIANTS.map((variant) => (
        <Sample key={variant} name={`Button ${variant}`}>
          <Button variant={variant}>Save</Button>
          <Button variant={variant} size="sm">
            Small
          </Button>
          <Button variant={variant} icon={<Plus size={17} />}>
            With icon
          </Button>
          <Button variant={variant} loading>
            Loading
          </Button>
          <Button variant={variant} disabled>
            Disabled
          </Button>
        </Sample>
      ))}
      <Sample name="ButtonLink, ButtonAnchor, TextLink, OuterLink">
        <ButtonLink href="/gallery">Inside</ButtonLink>
        <ButtonAnchor href="https://example.com">Outside</ButtonAnchor>
        <TextLink href="/gallery">a page of the app</TextLink>
        <OuterLink href="https://example.com">another site</OuterLink>
      </Sample>
      <Sample name="IconButton, Tooltip, CopyButton">
        <IconButton label="Settings" icon={<Settings size={18} />} />
        <IconButton label="Delete" size="sm" icon={<Trash2 size={15} />} />
        <IconButton label="Disabled" disabled icon={<Trash2 size={18} />} />
        <Tooltip text="Says more on hover and focus">
          <Button size="sm">With tooltip</Button>
        </Tooltip>
        <CopyButton text="copied from the gallery" />
      </Sample>
      <Sample name="Badge">
        <Badge>Neutral</Badge>
        <Badge tone="accent">Accent</Badge>
        <Badge tone="good">Good</Badge>
        <Badge tone="warn">Warn</Badge>
        <Badge tone="bad">Bad</Badge>
      </Sample>
      <Sample name="Chip">
        <Chip>Plain</Chip>
        <Chip
          onClick={() => toast("Chip clicked")}
          onRemove={() => toast("Removed")}
          removeLabel="Remove filter"
        >
          Source is Google
        </Chip>
      </Sample>
    </Group>
  );
}
