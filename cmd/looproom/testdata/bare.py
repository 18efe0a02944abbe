"""A chat client without line ends: one send is one message, and what one recv returns is taken for one message.

usage: bare.py ADDRESS PORT      each line of the input is a message; each message is printed as a line
"""
import socket
import sys
import threading


def receive(connection):
    while True:
        message = connection.recv(1024)
        if not message:
            break
        print(message.decode(), flush=True)


connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
receiver = threading.Thread(target=receive, args=(connection,), daemon=True)
receiver.start()
for line in sys.stdin:
    connection.sendall(line.rstrip("\n").encode())
receiver.join()
