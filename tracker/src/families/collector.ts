import "./collector/prelude";
import "../core";
