using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>Recipients of one transaction that get the same message, because their decisions ask for the same.</summary>
/// <param name="Decision">The decision of the first of them; the others ask for the same work.</param>
/// <param name="Recipients">In the order of the envelope.</param>
public sealed record RecipientGroup(Decision Decision, IReadOnlyList<EnvelopeRecipient> Recipients)
{
    /// <summary>Decides for each recipient and puts those together whose decisions ask for the same.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="facts">What they ask about.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="arrived">How the message is protected.</param>
    public static IReadOnlyList<RecipientGroup> Form(
        RuleBook rules, MessageFacts facts, IReadOnlyList<EnvelopeRecipient> recipients, ArrivedProtection arrived)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 1)
        {
            return [new RecipientGroup(rules.Decide(facts, recipients[0].Path).Given(arrived), recipients)];
        }

        var groups = new List<(Decision Decision, List<EnvelopeRecipient> Recipients)>();
        foreach (var recipient in recipients)
        {
            var decision = rules.Decide(facts, recipient.Path).Given(arrived);
            var known = groups.FindIndex(group => group.Decision.AsksTheSameAs(decision));
            if (known < 0)
            {
                groups.Add((decision, [recipient]));
            }
            else
            {
                groups[known].Recipients.Add(recipient);
            }
        }

        return groups.ConvertAll(group => new RecipientGroup(group.Decision, group.Recipients));
    }
}
