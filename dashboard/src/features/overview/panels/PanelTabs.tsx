import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "../../../lib/i18n";
import { arrangedTabs, type PanelName, type PanelTab } from "../../../lib/state/panel";
import { Button } from "../../../ui/Button";
import { Menu } from "../../../ui/Menu";
import { Tabs } from "../../../ui/Tabs";
import { TAB } from "../dimensions";

interface Props {
  name: PanelName;
  /** Names the group of tabs. */
  title: string;
  value: PanelTab;
  onChange: (tab: PanelTab) => void;
  children: ReactNode;
}

/** A panel with a single tab needs no tabs; those that few ask for are in a menu. */
export function PanelTabs({ name, title, value, onChange, children }: Props) {
  const { shown, folded } = arrangedTabs(name, value);
  if (shown.length === 1) return <div className="mt-2.5 border-t border-line pt-2">{children}</div>;
  const label = (tab: PanelTab) => t(TAB[tab] ?? tab);
  return (
    <Tabs
      label={title}
      tabs={shown.map((key) => ({ key, label: label(key) }))}
      value={value}
      onChange={onChange}
      aside={
        folded.length > 0 && (
          <Menu
            label={t("More of the campaign")}
            groups={[
              {
                key: "more",
                items: folded.map((key) => ({
                  key,
                  label: label(key),
                  checked: key === value,
                  run: () => onChange(key),
                })),
              },
            ]}
            trigger={(trigger) => (
              <Button size="sm" variant="ghost" className="text-muted hover:text-ink" {...trigger}>
                {t("More")}
                <ChevronDown size={14} aria-hidden="true" />
              </Button>
            )}
          />
        )
      }
    >
      <div className="-mt-2">{children}</div>
    </Tabs>
  );
}
