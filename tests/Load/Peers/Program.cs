using System.Globalization;
using SmimeGateway.LoadPeers;

// Generator and sink that speak TLS, which Postfix's own cannot. One of each serves every contender, so that what they cost is the same.
switch (args)
{
    case ["source", var port, var sessions, var size, var messages, .. var roots] when roots.Length <= 1:
        return new Source(Number(port), Number(sessions), Number(size), Number(messages), roots.SingleOrDefault()).Run();
    case ["sink", var port, .. var certificate] when certificate.Length <= 1:
        await new Sink(Number(port), certificate.SingleOrDefault()).RunAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync("loadpeers source PORT SESSIONS SIZE MESSAGES [ROOT.pem] | sink PORT [CERTIFICATE.p12]");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
