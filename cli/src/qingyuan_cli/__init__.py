from qingyuan_runtime.process.chinese import speak_chinese

speak_chinese()
