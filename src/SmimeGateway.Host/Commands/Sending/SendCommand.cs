using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Commands.Users;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands.Sending;

/// <summary><c>send</c>: hands a message to the running gateway, or to another server, and shows the dialogue.</summary>
internal sealed class SendCommand
{
    private const string Gateway = "gateway";
    private const int UsualPort = 25;
    private const int MaxAttachment = 100_000_000;

    private readonly SharedOptions _options;
    private readonly Option<string> _from = new("--from") { Description = "Who sends.", HelpName = "ADDRESS", Required = true };
    private readonly Option<string[]> _to = new("--to") { Description = "Who is to get it; may be repeated.", HelpName = "ADDRESS", Required = true };
    private readonly Option<string> _subject = new("--subject") { Description = "The subject.", HelpName = "TEXT", DefaultValueFactory = _ => "Test" };
    private readonly Option<string> _text = new("--text") { Description = "The text.", HelpName = "TEXT", DefaultValueFactory = _ => "This is a test." };
    private readonly Option<FileInfo[]> _attach = new("--attach") { Description = "A file to attach; may be repeated.", HelpName = "FILE" };
    private readonly Option<string> _through = new("--through")
    {
        Description = "The server: \"gateway\", a listener of it by name, or HOST:PORT.",
        HelpName = "SERVER",
        DefaultValueFactory = _ => Gateway,
    };

    private readonly Option<string?> _tls = new("--tls") { Description = "Whether the connection is encrypted; the certificate of another server has to name it, and to lead to a root of this machine.", HelpName = "off|whenOffered|required|implicit" };
    private readonly Option<string?> _user = new("--user") { Description = "Who logs in; the password is asked for, or read from the file.", HelpName = "NAME" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "A file with the password.", HelpName = "FILE" };

    private SendCommand(SharedOptions options)
    {
        _options = options;
        _tls.AcceptOnlyFromAmong("off", "whenOffered", "required", "implicit");
    }

    public static Command Create(SharedOptions options)
    {
        var self = new SendCommand(options);
        var command = new Command("send", "Send a test message, and show the dialogue with the server.")
        {
            self._from, self._to, self._subject, self._text, self._attach, self._through, self._tls, self._user, self._passwordFile,
        };
        command.SetAction(self.InvokeAsync);
        return command;
    }

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (var address in parsed.GetValue(_to)!.Prepend(parsed.GetValue(_from)!))
        {
            if (!MailPath.TryParse(address, out _))
            {
                Answer.Complain($"{address} is not a mail address.");
                return ExitCode.WrongUsage;
            }
        }

        if (ReadAttachments(parsed.GetValue(_attach)!) is not { } attachments || Find(parsed) is not { } server)
        {
            return ExitCode.WrongUsage;
        }

        NetworkCredential? login = null;
        if (parsed.GetValue(_passwordFile) is not null && parsed.GetValue(_user) is null)
        {
            Answer.Complain("--password-file says nothing without --user: name who logs in, or leave it out.");
            return ExitCode.WrongUsage;
        }

        if (parsed.GetValue(_user) is { } user)
        {
            if (PasswordEntry.Read(parsed.GetValue(_passwordFile), user, isNew: false) is not { } password)
            {
                return ExitCode.WrongUsage;
            }

            login = new NetworkCredential(user, password);
        }

        return await SendAsync(parsed, server with
        {
            Login = login,
            Subject = parsed.GetValue(_subject)!,
            Text = parsed.GetValue(_text)!,
            Attachments = attachments,
        }, cancellationToken);
    }

    // Apart, so that the library is loaded by this command alone.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<int> SendAsync(ParseResult parsed, SubmissionOrder order, CancellationToken cancellationToken)
    {
        List<string> dialogue = [];
        var console = new PlainConsole();

        // A server that repeats the password that it was told would publish it.
        string[] secrets = order.Login is { Password.Length: > 0 } login
            ? [login.Password, Base64(login.Password), Base64($"\0{login.UserName}\0{login.Password}")]
            : [];
        string Conceal(string text) => Array.Exists(secrets, secret => text.Contains(secret, StringComparison.Ordinal)) ? "(what the server says repeats the password and is not shown)" : text;
        var result = await Submission.SendAsync(
            order,
            spoken =>
            {
                var line = Conceal(spoken);
                dialogue.Add(line);
                if (!parsed.GetValue(_options.Json))
                {
                    console.WriteLine(line);
                }
            },
            cancellationToken);
        result = result with { Reply = Conceal(result.Reply) };
        _options.AnswerFor(parsed).Give(
            new { result.IsAccepted, result.Reply, Server = $"{order.Host}:{order.Port}", Dialogue = dialogue },
            people =>
            {
                people.WriteLine();
                people.WriteLine(result.IsAccepted ? $"Accepted: {result.Reply}" : $"Not accepted. {result.Reply}");
            });
        return result.IsAccepted ? ExitCode.Done : result.IsReached ? ExitCode.No : ExitCode.Unreachable;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static List<(string Name, byte[] Octets)>? ReadAttachments(FileInfo[] files)
    {
        var attachments = new List<(string, byte[])>();
        foreach (var file in files)
        {
            try
            {
                attachments.Add((file.Name, RegularFile.Read(file.FullName, MaxAttachment)));
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                Answer.Complain($"{file.FullName} cannot be attached: {FileHindrance.Of(trouble)}.");
                return null;
            }
        }

        return attachments;
    }

    private SubmissionTls Tls(ParseResult parsed) => parsed.GetValue(_tls) switch
    {
        "off" => SubmissionTls.Off,
        "required" => SubmissionTls.Required,
        "implicit" => SubmissionTls.Implicit,
        _ => SubmissionTls.WhenOffered,
    };

    private SubmissionOrder? Find(ParseResult parsed)
    {
        var (through, from, to) = (parsed.GetValue(_through)!, parsed.GetValue(_from)!, parsed.GetValue(_to)!);
        if (through.LastIndexOf(':') is var colon && colon > 0)
        {
            var isPort = int.TryParse(through.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535;
            if (!isPort)
            {
                Answer.Complain($"{through} has no port between 1 and 65535. Write HOST:PORT, such as mx.example.net:{UsualPort}.");
                return null;
            }

            return new SubmissionOrder(through[..colon].Trim('[', ']'), port, from, to) { Tls = Tls(parsed) };
        }

        if (LoadedConfiguration.Load(_options.PathFrom(parsed)) is not { } gateway)
        {
            return null;
        }

        var listener = through == Gateway && gateway.Listeners is [var first, ..] ? first : gateway.Listeners.FirstOrDefault(each => each.Name == through);
        if (listener is null)
        {
            Answer.Complain($"There is no listener \"{through}\". There are: {string.Join(", ", gateway.Listeners.Select(each => each.Name))}. For another server write HOST:PORT.");
            return null;
        }

        var address = listener.Endpoint.Address;
        var host = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new SubmissionOrder(host.ToString(), listener.Endpoint.Port, from, to)
        {
            Listener = listener,
            Tls = listener.Tls.Mode == ListenerTlsMode.Implicit && parsed.GetValue(_tls) is null ? SubmissionTls.Implicit : Tls(parsed),
        };
    }
}
