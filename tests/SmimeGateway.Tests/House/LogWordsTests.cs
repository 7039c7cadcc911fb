using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.House;

/// <summary>The log speaks to people: no line shows the name that something has in the code.</summary>
public sealed class LogWordsTests
{
    private static readonly Assembly[] Ours = [typeof(GatewayServices).Assembly, typeof(SmtpReply).Assembly, typeof(Certificates.CertificateTraits).Assembly, typeof(Mime.Entity).Assembly, typeof(Cms.ContentCipher).Assembly];

    [Theory]
    [InlineData(typeof(string), true)]
    [InlineData(typeof(TimeSpan?), true)]
    [InlineData(typeof(MailPath), true)]
    [InlineData(typeof(SessionEnd), false)]
    [InlineData(typeof(SessionEnd?), false)]
    [InlineData(typeof(Envelope), false)]
    public void What_has_words_of_its_own_is_recognised(Type type, bool hasWords) => HasWords(type).ShouldBe(hasWords);

    [Fact]
    public void No_line_of_the_log_shows_the_member_of_an_enum_or_the_form_of_a_record()
    {
        var lines = Ours.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .ToList();

        lines.Count.ShouldBeGreaterThan(80);
        lines.SelectMany(line => line.GetParameters()
                .Where(parameter => !HasWords(parameter.ParameterType))
                .Select(parameter => $"{line.DeclaringType!.Name}.{line.Name}: {parameter.ParameterType.Name} {parameter.Name}"))
            .ShouldBeEmpty();
    }

    // Of records the compiler writes what is shown, with the names of their members.
    private static bool HasWords(Type type)
    {
        var shown = Nullable.GetUnderlyingType(type) ?? type;
        return !shown.IsEnum
            && (!Ours.Contains(shown.Assembly)
                || (shown.GetMethod(nameof(ToString), Type.EmptyTypes) is { } words
                    && Ours.Contains(words.DeclaringType!.Assembly) && words.GetCustomAttribute<CompilerGeneratedAttribute>() is null));
    }
}
