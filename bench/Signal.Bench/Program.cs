using System.Globalization;
using Signal.Bench;

// Two servers on this machine, loaded in turn: what is read is their ratio, never a rate.
if (args is ["bare", var url]) return await BareServer.RunAsync(url);
if (args is [Receiver.Instant or Receiver.Slow or Receiver.Sandbox, _]) return await Receiver.RunAsync(args[0], args[1]);
if (args is ["deliver", var backlog]) return await Delivery.RunAsync(int.Parse(backlog, CultureInfo.InvariantCulture));

var seconds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
await using (var signal = await SignalServer.StartAsync())
await using (var bare = await BareServer.StartAsync())
{
    Console.WriteLine($"Collection with a durable append beside a bare Kestrel that reads the body and answers 200; {Round.Count} interleaved rounds of {seconds} s.");
    foreach (var load in Load.All)
    {
        var rounds = Round.Run(load, signal.Address, bare.Address, signal.Key, seconds);
        Console.WriteLine();
        Console.WriteLine(load.Name);
        foreach (var round in rounds) Console.WriteLine($"  signal {round.Signal,9:n0}/s   bare {round.Bare,9:n0}/s   ratio {round.Ratio:0.00}");
        Console.WriteLine($"  median ratio {Round.MedianRatio(rounds):0.00}   ({rounds.Max(r => r.Signal) * load.Events:n0} events/s in the best round)");
    }
}

return await Delivery.RunAsync(100_000);
