using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Tests.Telemetry;

public sealed class EscapingEnricherTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\nb", "a\\x0D\\x0Ab")]
    [InlineData("\u001b[2J", "\\x1B[2J")]
    [InlineData("x\u0085y", "x\\x85y")]
    [InlineData("Grüße", "Grüße")]
    public void Control_characters_become_visible_and_nothing_else_changes(string value, string shown) =>
        EscapingEnricher.Escape(value).ShouldBe(shown);
}
