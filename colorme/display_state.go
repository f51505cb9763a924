package colorme

// DisplayState says who sees a thing in the shop. Which values a thing knows differs:
// products, stocks and advertisings know showing, hidden, showing_for_members and
// sale_for_members; groups and categories know showing, hidden and members_only;
// deliveries know showing and hidden. Open set.
type DisplayState string

// Values of DisplayState.
const (
	DisplayShowing           DisplayState = "showing"
	DisplayHidden            DisplayState = "hidden"
	DisplayShowingForMembers DisplayState = "showing_for_members" // members see it
	DisplaySaleForMembers    DisplayState = "sale_for_members"    // all see it, members may buy it
	DisplayMembersOnly       DisplayState = "members_only"        // groups and categories
)
