import { useState } from "react";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/CodeBlock";
import { Sparkline } from "../../ui/charts/Sparkline";
import { Progress } from "../../ui/Progress";
import { Table } from "../../ui/Table";
import { Tabs } from "../../ui/Tabs";
import { Block, Group } from "./Sample";

const ROWS = [
  { page: "/", visitors: 1234 },
  { page: "/a/very/long/path/that/goes/on/and/on/until/it/has/to/be/cut", visitors: 56 },
  { page: "/cart", visitors: 7 },
];

export function DataSamples() {
  const [tab, setTab] = useState("one");
  return (
    <Group title="Data">
      <Block name="Table">
        <Table
          caption="Pages"
          rows={ROWS}
          rowKey={(row) => row.page}
          columns={[
            { key: "page", head: "Page", isName: true, cell: (row) => row.page },
            {
              key: "visitors",
              head: "Visitors",
              align: "end",
              sorted: "descending",
              cell: (row) => row.visitors,
            },
          ]}
        />
      </Block>
      <Block name="Tabs">
        <Tabs
          label="Sample tabs"
          value={tab}
          onChange={setTab}
          tabs={["one", "two", "three"].map((key) => ({ key, label: `Tab ${key}` }))}
        >
          <p>What tab {tab} shows.</p>
        </Tabs>
      </Block>
      <Block name="CodeBlock">
        <CodeBlock
          label="index.html"
          code={'<script async src="https://stats.example/c/shop.js"></script>'}
        />
      </Block>
      <Block name="Progress, Sparkline">
        <Progress label="Loading" value={42} max={100} text="42 of 100" />
        <Sparkline values={[3, 5, 4, 8, 7, 12, 11]} className="mt-6 h-12 w-full" />
      </Block>
      <Card title="Card" description="With a description" actions={<span>Actions</span>}>
        <p>And content.</p>
      </Card>
    </Group>
  );
}
