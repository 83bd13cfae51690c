"""`qingyuan token`: a certificate key of the demo with its local signing service, as makers of real keys install one."""
