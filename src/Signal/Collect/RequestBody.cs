using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Signal.Govern;

namespace Signal.Collect;

/// <summary>The bytes of a request's body in pooled memory, never more than the limit.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>The bytes; valid until this is disposed.</summary>
    internal Memory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Takes over what the caller made.</summary>
    internal void Set(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes);
        _length = bytes.Length;
    }

    /// <summary>Reads the body as it was sent; false when it has more than <paramref name="limit"/> bytes.</summary>
    internal async ValueTask<bool> ReadAsync(HttpRequest request, int limit, CancellationToken stop)
    {
        if (request.ContentLength > limit) return false;
        Reserve((int)(request.ContentLength ?? 4096));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(stop);
            var fits = Append(read, limit);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (!fits) return false;
            if (read.IsCompleted) return true;
        }
    }

    /// <summary>Decompresses what was read.</summary>
    /// <returns>Why it cannot be taken, or null.</returns>
    internal Refusal? Decompress(string encoding, int limit, Func<Refusal> tooLarge)
    {
        var (sent, length) = (_bytes, _length);
        _bytes = [];
        _length = 0;
        try
        {
            using var source = new MemoryStream(sent, 0, length);
            using Stream plain = encoding == "br" ? new BrotliStream(source, CompressionMode.Decompress) : new GZipStream(source, CompressionMode.Decompress);
            return Fill(plain, limit) ? null : tooLarge();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            return Refusal.Malformed(ErrorCodes.MalformedEncoding, $"The body does not decompress as {encoding}: send what Content-Encoding names.");
        }
        finally
        {
            Return(sent);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private bool Append(ReadResult read, int limit)
    {
        if (_length + read.Buffer.Length > limit) return false;
        var more = (int)read.Buffer.Length;
        Reserve(_length + more);
        read.Buffer.CopyTo(_bytes.AsSpan(_length));
        _length += more;
        return true;
    }

    private bool Fill(Stream plain, int limit)
    {
        Reserve(4096);
        while (true)
        {
            if (_length == _bytes.Length) Reserve(_length + 1);
            var read = plain.Read(_bytes, _length, _bytes.Length - _length);
            if (read == 0) return true;
            _length += read;
            if (_length > limit) return false;
        }
    }

    private void Reserve(int length)
    {
        if (length <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _bytes.Length * 2));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }
}
