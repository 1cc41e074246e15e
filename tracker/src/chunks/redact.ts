import { installRedaction } from "../redact/module";
import { handFull } from "./install";

handFull(installRedaction);
