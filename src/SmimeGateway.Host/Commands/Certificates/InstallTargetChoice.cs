using System.CommandLine;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary>Where <c>cert install</c> writes to: the files of a listener, or one that is named.</summary>
internal sealed class InstallTargetChoice
{
    private readonly Option<string?> _listener = new("--listener") { Description = "The listener that shall present the certificate.", HelpName = "NAME" };

    private readonly Option<string?> _output = new("--out") { Description = "A file instead: PKCS #12 (*.pfx, *.p12), else PEM.", HelpName = "FILE" };

    private readonly Option<string?> _password = new("--password-file") { Description = "A file with the password for --out.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Options.Add(_listener);
        command.Options.Add(_output);
        command.Options.Add(_password);
    }

    /// <summary>The target, or null after a complaint.</summary>
    public InstallTarget? Find(ParseResult parsed, GatewayOptions gateway)
    {
        if (parsed.GetValue(_output) is { } output)
        {
            return TryRead(parsed.GetValue(_password) is { } file ? SecretReader.FromFile(file) : null, out var chosen)
                ? new InstallTarget(null, Path.GetFullPath(output), null, chosen)
                : null;
        }

        var wanted = parsed.GetValue(_listener);
        var fitting = gateway.Listeners
            .Where(listener => listener.Tls.Certificate is not null && (wanted is null || listener.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (wanted is null && fitting.Select(listener => listener.Tls.Certificate).Distinct().Count() > 1)
        {
            Answer.Complain($"Several listeners have certificates: choose one of {string.Join(", ", fitting.Select(listener => listener.Name))} with --listener, or a file with --out.");
            return null;
        }

        if (fitting.Count == 0)
        {
            Answer.Complain(wanted is null
                ? "No listener has a certificate: write \"tls\": { \"certificate\": ... } into one, or name a file with --out."
                : $"There is no listener \"{wanted}\" with \"tls\": {{ \"certificate\": ... }}.");
            return null;
        }

        var tls = fitting[0].Tls;
        return TryRead(tls.Password is { } secret ? new SecretReader(secret.File, secret.Env) : null, out var password)
            ? new InstallTarget(fitting[0].Name, tls.Certificate!, tls.Key, password)
            : null;
    }

    private static bool TryRead(SecretReader? reader, out string? password)
    {
        password = null;
        if (reader is null || reader.TryRead(out password, out var reason))
        {
            return true;
        }

        Answer.Complain(char.ToUpperInvariant(reason[0]) + reason[1..] + ".");
        return false;
    }
}
