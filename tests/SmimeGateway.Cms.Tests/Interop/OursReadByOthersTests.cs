namespace SmimeGateway.Cms.Tests.Interop;

[Collection(Judges.Collection)]
public sealed class OursReadByOthersTests(Judges judges)
{
    public static TheoryData<Combination> Combinations => [.. Combination.All];

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Each_judge_reads_what_the_table_says(Combination combination)
    {
        var cms = combination.Sign(Some.Content);
        var detached = combination.Form == Form.Clear ? Some.Content : null;

        foreach (var judge in judges.All)
        {
            var judgement = await judge.JudgeAsync(cms, detached);
            judgement.IsGood.ShouldBe(ExpectedReaders.Reads(judge.Name, combination), $"{judge.Name} {await judge.FindVersionAsync()}: {judgement}");
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void We_read_every_combination(Combination combination)
    {
        var cms = combination.Sign(Some.Content);

        var signedData = Some.Read(cms);

        signedData.Verify(combination.Form == Form.Clear ? Some.ContentSequence : null).ShouldBeNull();
        var signer = signedData.Signers.ShouldHaveSingleItem();
        signer.DigestName.ShouldBe(combination.DigestName);
        signer.SigningTime.ShouldBe(Some.Time);
    }

    [Fact]
    public async Task No_judge_accepts_other_content()
    {
        var cms = Combination.All[0].Sign(Some.Content);
        var other = Some.Content.ToArray();
        other[^3] ^= 1;

        foreach (var judge in judges.All)
        {
            (await judge.JudgeAsync(cms, other)).IsGood.ShouldBeFalse(judge.Name);
        }
    }
}
