using System.Globalization;
using SmimeGateway.CardStack;
using SmtpServer;
using SmtpServer.ComponentModel;

// The plain shape of the packages that come to mind first, as a contender: SmtpServer listens, MimeKit parses and composes, Bouncy Castle or
// the framework signs, one file is flushed before the 250, MailKit delivers. What it does not do is as telling as its figure: it proves no
// signature, judges no author, tries nothing a second time and tells nobody of a failure.
if (args is not [var port, var nextHop, var folder, var pkcs12, var passwordFile, "bouncy-castle" or "framework"])
{
    await Console.Error.WriteLineAsync("cardstack PORT NEXT-HOP-PORT SPOOL-FOLDER CERTIFICATE.p12 PASSWORD-FILE bouncy-castle|framework");
    return 2;
}

Directory.CreateDirectory(folder);
var password = (await File.ReadAllTextAsync(passwordFile)).TrimEnd();
ISigning signing = args[^1] == "framework" ? new FrameworkSigning(pkcs12, password) : new BouncyCastleSigning(pkcs12, password);
var relay = new Relay(Number(nextHop));
var services = new ServiceProvider();
services.Add(new SigningStore(signing, folder, relay));
var options = new SmtpServerOptionsBuilder().ServerName("cardstack").MaxMessageSize(100_000_000)
    .Endpoint(endpoint => endpoint.Endpoint(new(System.Net.IPAddress.Loopback, Number(port)))).Build();
var server = new SmtpServer.SmtpServer(options, services);
await Task.WhenAll(server.StartAsync(CancellationToken.None), relay.RunAsync(connections: 20));
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
