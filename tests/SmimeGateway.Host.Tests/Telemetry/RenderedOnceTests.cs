using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Parsing;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Tests.Telemetry;

public sealed class RenderedOnceTests
{
    public static TheoryData<string> Formats => ["text", "json"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_line_of_an_exception_looks_like_one_of_the_log(string format)
    {
        ITextFormatter formatter = format == "json"
            ? new JsonFormatter(renderMessage: true)
            : new MessageTemplateTextFormatter("{Timestamp:yyyy-MM-dd} {Message:l}{NewLine}{Exception}", CultureInfo.InvariantCulture);
        var broken = new LogEvent(
            DateTimeOffset.UnixEpoch, LogEventLevel.Error, new InvalidOperationException("evil\n1970-01-01 S1 accepted\r\n1970-01-01 S2 accepted"), new MessageTemplateParser().Parse("it broke"), []);
        using var output = new StringWriter();

        new RenderedOnce(formatter).Format(broken, output);

        output.ToString().ShouldEndWith(Environment.NewLine);
        output.ToString().TrimEnd().Split('\n').Skip(1).ShouldAllBe(line => line.StartsWith("    ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_an_exception_says_is_plain_text_in_its_lines(string format)
    {
        ITextFormatter formatter = format == "json"
            ? new JsonFormatter(renderMessage: true)
            : new MessageTemplateTextFormatter("{Message:l}{NewLine}{Exception}", CultureInfo.InvariantCulture);
        var broken = new LogEvent(
            DateTimeOffset.UnixEpoch, LogEventLevel.Error, new InvalidOperationException("evil\u001b[2J\u202E\u009b"), new MessageTemplateParser().Parse("it broke"), []);
        using var output = new StringWriter();

        new RenderedOnce(formatter).Format(broken, output);

        var written = output.ToString();
        written.ShouldContain("\\u202E", Case.Insensitive);
        written.Where(character => character != '\n' && (char.IsControl(character) || character == '\u202E')).ShouldBeEmpty();
    }
}
