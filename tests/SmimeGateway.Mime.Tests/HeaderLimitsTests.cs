using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Mime.Tests;

public sealed class HeaderLimitsTests
{
    private static readonly MimeLimits Limits = MimeLimits.Standard with { MaxHeaderFields = 20, MaxHeaderBytes = 4_096, AddedFields = 1 };

    public static TheoryData<int> Counts => [.. Enumerable.Range(10, 15)];

    [Theory]
    [MemberData(nameof(Counts))]
    public void What_may_be_composed_is_exactly_what_can_be_read_once_it_is_composed(int count)
    {
        var split = Split(string.Concat(Enumerable.Range(0, count).Select(i => $"X-Field-{i}: x\r\n")));

        var fault = HeaderLimits.FindExcess(split, Limits);

        (fault is null).ShouldBe(Entity.TryParse(Pkcs7Mime.Compose(split.OuterFields, "signed-data", "smime.p7m", new ReadOnlySequence<byte>(new byte[100])), Limits, out _, out _));
        (fault?.Limit).ShouldBe(count <= 17 ? null : nameof(MimeLimits.MaxHeaderFields));
    }

    [Theory]
    [InlineData(3_000, true)]
    [InlineData(3_500, true)]
    [InlineData(4_000, false)]
    [InlineData(4_090, false)]
    public void There_is_room_for_the_fields_that_are_written_outside(int length, bool fits)
    {
        var split = Split("X-Long: " + string.Concat(Enumerable.Repeat("\r\n 12345678", length / 11)) + "\r\n");

        var fault = HeaderLimits.FindExcess(split, Limits);

        (fault is null).ShouldBe(fits);
        (!fits || Entity.TryParse(Pkcs7Mime.Compose(split.OuterFields, "signed-data", "smime.p7m", new ReadOnlySequence<byte>(new byte[100])), Limits, out _, out _)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Fields_are_added_to_the_outermost_header_alone(int count, bool isRead)
    {
        var fields = string.Concat(Enumerable.Range(0, count).Select(i => $"X-Field-{i}: x\r\n"));
        Entity.TryParse(
            Encoding.ASCII.GetBytes($"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{fields}\r\nx\r\n--b--\r\n"), Limits, out var message, out _).ShouldBeTrue();

        message!.TryGetParts(out _, out var fault).ShouldBe(isRead);
        (fault?.Limit).ShouldBe(isRead ? null : nameof(MimeLimits.MaxHeaderFields));
        Entity.TryParse(Encoding.ASCII.GetBytes($"{fields}\r\nx\r\n"), Limits, out _, out _).ShouldBeTrue();
    }

    private static SplitMessage Split(string fields)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes(fields + "\r\nHello\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return ContentSplit.Split(entity!);
    }
}
