using System.Text;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class PemBlockTests
{
    [Fact]
    public void Blocks_are_found_among_other_text()
    {
        var blocks = Read("subject: x\n-----BEGIN A-----\nAQID\n-----END A-----\njunk\n-----BEGIN B C-----\r\nBAUG\r\n-----END B C-----");

        blocks.Select(block => block.Label).ShouldBe(["A", "B C"]);
        blocks[0].Content.ShouldBe([1, 2, 3]);
        blocks[1].Content.ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void A_block_that_was_cut_off_does_not_swallow_the_next()
    {
        var blocks = Read("-----BEGIN A-----\nAQID\n-----BEGIN B-----\nBAUG\n-----END B-----\n");

        blocks.ShouldHaveSingleItem().Label.ShouldBe("B");
    }

    [Fact]
    public void A_block_with_the_wrong_end_is_left_out()
    {
        Read("-----BEGIN A-----\nAQID\n-----END B-----\n").ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_base64_has_no_content()
    {
        Read("-----BEGIN A-----\n****\n-----END A-----\n").ShouldHaveSingleItem().Content.ShouldBeNull();
    }

    [Fact]
    public void A_megabyte_of_beginnings_is_read_in_one_pass()
    {
        Read(string.Concat(Enumerable.Repeat("-----BEGIN A-----", 100_000))).ShouldBeEmpty();
    }

    private static IReadOnlyList<PemBlock> Read(string text) => PemBlock.ReadAll(Encoding.ASCII.GetBytes(text), out _);
}
