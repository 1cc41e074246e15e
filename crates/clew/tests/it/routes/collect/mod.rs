mod authorisation;
