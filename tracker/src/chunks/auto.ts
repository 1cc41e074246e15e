import { installAuto } from "../auto/module";
import { handFull } from "./install";

handFull(installAuto);
