import { installForms } from "../forms/module";
import { handFull } from "./install";

handFull(installForms);
