import { installStats } from "../stats/module";
import { hand } from "./install";

hand(installStats);
