import { useMemo, useState } from "react";
import { zoneOptions } from "../../lib/zones";
import { Checkbox } from "../../ui/Checkbox";
import { Combobox } from "../../ui/Combobox";
import { type DateRange, DateRangePicker } from "../../ui/DateRangePicker";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { PasswordInput } from "../../ui/PasswordInput";
import { Radio } from "../../ui/Radio";
import { RadioCards } from "../../ui/RadioCards";
import { Select } from "../../ui/Select";
import { Textarea } from "../../ui/Textarea";
import { Block, Group, Sample } from "./Sample";

const OPTIONS = [
  { value: "a", label: "First" },
  { value: "b", label: "Second" },
  { value: "c", label: "Third" },
];

export function FieldSamples() {
  const zones = useMemo(zoneOptions, []);
  const [zone, setZone] = useState("Europe/Berlin");
  const [option, setOption] = useState("a");
  const [checked, setChecked] = useState(true);
  const [range, setRange] = useState<DateRange>({ period: "28d" });
  return (
    <Group title="Fields">
      <Block name="Field + Input">
        <div className="flex flex-col gap-4">
          <Field label="Plain" hint="With a hint">
            <Input placeholder="Placeholder" />
          </Field>
          <Field label="Wrong" error="That is not an e-mail address.">
            <Input defaultValue="ada@" />
          </Field>
          <Field label="Disabled" optional="optional">
            <Input disabled defaultValue="Cannot be changed" />
          </Field>
          <Field label="With a unit">
            <Input type="number" defaultValue={180} suffix="days" />
          </Field>
          <Field label="Password">
            <PasswordInput defaultValue="secret" autoComplete="off" />
          </Field>
        </div>
      </Block>
      <Block name="Select, Combobox, Textarea">
        <div className="flex flex-col gap-4">
          <Field label="Select">
            <Select options={OPTIONS} value={option} onChange={setOption} />
          </Field>
          <Field label="Combobox" hint="Type to narrow">
            <Combobox options={zones} value={zone} onChange={setZone} />
          </Field>
          <Field label="Textarea">
            <Textarea defaultValue={"several\nlines"} />
          </Field>
        </div>
      </Block>
      <Block name="Checkbox, Radio">
        <div className="flex flex-col gap-4">
          <Checkbox
            label="Checked"
            hint="And what it means"
            checked={checked}
            onChange={setChecked}
          />
          <Checkbox label="Disabled" disabled />
          <Radio legend="Radio" options={OPTIONS} value={option} onChange={setOption} />
        </div>
      </Block>
      <Block name="RadioCards">
        <RadioCards
          legend="One of a few, explained"
          value={option}
          onChange={setOption}
          options={OPTIONS.map(({ value, label }) => ({
            value,
            title: label,
            children: "What follows from choosing it.",
          }))}
        />
      </Block>
      <Sample name="DateRangePicker">
        <DateRangePicker
          value={range}
          onChange={setRange}
          timeZone="Europe/Berlin"
          today={new Date().toISOString().slice(0, 10)}
          presets={[
            { period: "day", label: "Today", shortcut: "D" },
            { period: "7d", label: "Last 7 days", shortcut: "W" },
            { period: "28d", label: "Last 28 days", shortcut: "F" },
            "line",
            { period: "month", label: "This month", shortcut: "M" },
            { period: "year", label: "This year", shortcut: "Y" },
          ]}
        />
      </Sample>
    </Group>
  );
}
