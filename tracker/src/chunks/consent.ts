import { installOptOut } from "../consent/module";
import { handFull } from "./install";

handFull(installOptOut);
