/* fuzz.h - what every fuzz target is: bytes in, no crash; and a program over files.
 *
 * Built with -DLIBFUZZER and -fsanitize=fuzzer the library draws the bytes; without it
 * the program runs each file it is given once, to look into one or under a debugger. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef LIBFUZZER
int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *text;
		gsize len;

		if (!g_file_get_contents(argv[i], &text, &len, NULL)) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)text, len);
		g_free(text);
	}
	printf("%d files\n", argc - 1);
	return 0;
}
#endif

#endif
