package zellige

// OpenNetwork is openNetwork, for tests outside of the package.
var OpenNetwork = openNetwork
