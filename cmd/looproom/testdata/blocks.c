/*
 * A chat client without line ends: every message in either direction is one block of 512 bytes, a text and a NUL. What stands
 * behind the NUL is left over from the message before, for the buffer is never cleared.
 *
 * usage: blocks ADDRESS PORT      each line of the input is a message; each message is printed as a line
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK 512

static int connection;

static void *receive(void *unused)
{
	char buffer[BLOCK];

	while (recv(connection, buffer, BLOCK, MSG_WAITALL) == BLOCK) {
		printf("%s\n", buffer);
		fflush(stdout);
	}
	exit(0);
	return unused;
}

static void *transmit(void *unused)
{
	char buffer[BLOCK];

	while (fgets(buffer, BLOCK, stdin) != NULL) {
		buffer[strcspn(buffer, "\n")] = '\0';
		if (send(connection, buffer, BLOCK, 0) != BLOCK)
			break;
	}
	return unused;
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = {0};
	pthread_t receiver, transmitter;

	if (argc != 3) {
		fprintf(stderr, "usage: blocks ADDRESS PORT\n");
		return 2;
	}
	server.sin_family = AF_INET;
	server.sin_port = htons(atoi(argv[2]));
	inet_pton(AF_INET, argv[1], &server.sin_addr);
	connection = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(connection, (struct sockaddr *)&server, sizeof server) != 0) {
		perror("connect");
		return 1;
	}
	pthread_create(&receiver, NULL, receive, NULL);
	pthread_create(&transmitter, NULL, transmit, NULL);
	pthread_join(receiver, NULL);
	return 0;
}
