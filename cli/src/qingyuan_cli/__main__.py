from qingyuan_cli.app import main

main()
