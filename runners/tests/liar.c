/* Another system for an emitted program: a write of more than 4096 bytes loses its last byte and does not say so. */
static ssize_t lossy_write(int number, const void *from, size_t count)
{
    if (count <= 4096) return write(number, from, count);
    ssize_t wrote = write(number, from, count - 1);
    return wrote == (ssize_t)count - 1 ? (ssize_t)count : wrote;
}

static void lie(void) { calls.write = lossy_write; }
