"""What of it can be asked for over HTTP: functions from the simulator and a call to an answer."""
