import "./client/prelude";
import "../core";
