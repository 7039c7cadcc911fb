using SmimeGateway.Certificates.Finding;
using SmimeGateway.Locating;

namespace SmimeGateway.Tests.Locating;

/// <summary>Nothing was found, and nothing is wrong with the source: the two must have been true at the same time.</summary>
public sealed class SourceQuestionTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(9, 3)]
    public async Task A_source_that_changed_meanwhile_is_asked_again_but_not_for_ever(int changes, int questions)
    {
        var source = new ChangingSource();
        var asked = 0;

        var (answer, concealed) = await SourceQuestion.AskAsync(source, () => ValueTask.FromResult(Ask()), found => found);

        (answer, concealed, asked).ShouldBe((false, null, questions));

        bool Ask()
        {
            source.Version += ++asked <= changes ? 1 : 0;
            return false;
        }
    }

    [Fact]
    public async Task What_was_mended_between_the_question_and_the_look_at_the_problems_is_found()
    {
        var source = new ChangingSource();

        var (answer, _) = await SourceQuestion.AskAsync(source, () => ValueTask.FromResult(source.Version++ > 0), found => found);

        answer.ShouldBeTrue();
    }

    [Fact]
    public async Task What_conceals_is_told_at_the_first_question()
    {
        var source = new ChangingSource { Problems = [new("folder", "/f/a.pem", "it is not whole", "Copy it again")] };

        (await SourceQuestion.AskAsync(source, () => ValueTask.FromResult(source.Version++ > 0), found => found)).ShouldBe((false, "/f/a.pem: it is not whole"));
    }

    private sealed class ChangingSource : ICertificateSource
    {
        public string Name => "folder";

        public long Version { get; set; }

        public IReadOnlyList<SourceProblem> Problems { get; init; } = [];

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
