using System.Text;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying;

public sealed class FolderDeliveryTests
{
    [Fact]
    public async Task A_message_becomes_one_file_with_its_return_path_and_its_exact_bytes()
    {
        using var folder = new TemporaryFolder();
        var outbox = Path.Combine(folder.Path, "deep", "outbox");
        await using var delivery = new FolderDelivery(outbox, TimeProvider.System);
        var message = SomeQueued.To("bob@example.net", "hidden@example.net");

        var attempt = await delivery.DeliverAsync(message, default);

        attempt.Statuses.Count.ShouldBe(2);
        attempt.Statuses.ShouldAllBe(status => status.Action == DeliveryAction.Delivered);
        var file = Directory.GetFiles(outbox).ShouldHaveSingleItem();
        Path.GetFileName(file).ShouldBe($"20260314T092653.000Z-{message.Id}.eml");
        byte[] expected = [.. "Return-Path: <alice@example.com>\r\n"u8, .. message.Content.Read().Span];
        (await File.ReadAllBytesAsync(file)).ShouldBe(expected);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_null_sender_is_written_as_such()
    {
        using var folder = new TemporaryFolder();
        await using var delivery = new FolderDelivery(folder.Path, TimeProvider.System);
        var message = SomeQueued.From(string.Empty, "bob@example.net");

        await delivery.DeliverAsync(message, default);

        var content = await File.ReadAllTextAsync(Directory.GetFiles(folder.Path).Single(), Encoding.ASCII);
        content.ShouldStartWith("Return-Path: <>\r\nSubject:");
    }

    [Fact]
    public async Task An_attempt_repeated_after_a_crash_leaves_one_file()
    {
        using var folder = new TemporaryFolder();
        await using var delivery = new FolderDelivery(folder.Path, TimeProvider.System);
        var message = SomeQueued.To("bob@example.net");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, $".20260314T092653.000Z-{message.Id}.tmp"), "torn");

        await delivery.DeliverAsync(message, default);
        await delivery.DeliverAsync(message, default);

        Directory.GetFiles(folder.Path).ShouldHaveSingleItem().ShouldEndWith(".eml");
    }

    [Fact]
    public async Task Two_routes_into_one_folder_do_not_take_the_file_from_each_other()
    {
        using var folder = new TemporaryFolder();
        await using var one = new FolderDelivery(folder.Path, TimeProvider.System);
        await using var two = new FolderDelivery(folder.Path, TimeProvider.System);
        var message = SomeQueued.To("bob@example.net");

        for (var round = 0; round < 20; round++)
        {
            var attempts = await Task.WhenAll(new[] { one, two }.Select(delivery => Task.Run(async () => await delivery.DeliverAsync(message, default))));
            attempts.ShouldAllBe(attempt => attempt.Statuses[0].Action == DeliveryAction.Delivered);
        }

        one.MostRecipients.ShouldBe(int.MaxValue, "the recipients of a message share its file");
        Directory.GetFiles(folder.Path, "*.eml").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Names_sort_in_the_order_of_acceptance()
    {
        using var folder = new TemporaryFolder();
        await using var delivery = new FolderDelivery(folder.Path, TimeProvider.System);
        var later = SomeQueued.To("bob@example.net");
        var earlier = SomeQueued.To("bob@example.net") with { Accepted = later.Accepted.AddMilliseconds(-1) };

        await delivery.DeliverAsync(later, default);
        await delivery.DeliverAsync(earlier, default);

        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).Last()!.ShouldContain(later.Id.Value);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_and_not_the_file_that_was_only_begun()
    {
        await using var delivery = new FolderDelivery("/proc/sys/kernel", TimeProvider.System);
        var message = SomeQueued.To("bob@example.net");

        var attempt = await delivery.DeliverAsync(message, default);

        attempt.Statuses.Single().Diagnostic.ShouldContain("'/proc/sys/kernel'");
        attempt.Statuses.Single().Diagnostic.ShouldNotContain(".tmp");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_delays()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, string.Empty);
        await using var delivery = new FolderDelivery(Path.Combine(file, "outbox"), TimeProvider.System);
        var message = SomeQueued.To("bob@example.net");

        var attempt = await delivery.DeliverAsync(message, default);

        attempt.Statuses.Single().Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Statuses.Single().Status.ShouldBe(new EnhancedStatus(4, 3, 0));
    }
}
