using System.Net;
using System.Net.Sockets;

namespace Signal.Bench;

/// <summary>An address nobody listens on.</summary>
internal static class FreePort
{
    internal static string Address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
