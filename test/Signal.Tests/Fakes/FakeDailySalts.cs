using System.Security.Cryptography;
using System.Text;
using Signal.State;

namespace Signal.Tests.Fakes;

/// <summary>A salt for each day, from the day itself.</summary>
internal sealed class FakeDailySalts : IDailySalts
{
    public ValueTask<byte[]> OfAsync(DateOnly day, CancellationToken stop) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{day:O}")));

    public Task<long> ForgetAsync(DateOnly before, CancellationToken stop) => Task.FromResult(0L);
}
